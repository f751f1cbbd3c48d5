/** A token that is kept until a server refuses it; whoever is refused meanwhile shares one renewal. */
export interface TokenKeeper {
  header(): string;
  /** Resolves when there is a token other than the one that was refused. */
  renew(refused: string): Promise<void>;
}

export const fetchToken = async (url: string): Promise<string> => {
  const response = await fetch(url, {method: 'POST'});
  return response.text();
};

export const keepToken = (token: string, url: string): TokenKeeper => {
  let header = `Bearer ${token}`;
  let underWay: Promise<void> | undefined;
  return {
    header: () => header,
    renew: async (refused) => {
      if (header !== refused) return;
      underWay ??= fetchToken(url)
        .then((next) => void (header = `Bearer ${next}`))
        .finally(() => (underWay = undefined));
      await underWay;
    },
  };
};

/** A session of W3C WebDriver, as far as it is needed here. */
export interface WebDriverSession {
  readonly browserVersion: string;
  /** Sends a command of the session; the answer is its `value`. */
  command(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const send = async (url: string, method: string, body?: object): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    headers: {'content-type': 'application/json'},
    ...(method === 'POST' ? {body: JSON.stringify(body ?? {})} : {}),
  });
  const {value} = record(await response.json());
  if (response.ok) return value;
  const {error, message} = record(value);
  throw new Error(`WebDriver: ${text(error)}: ${text(message)}`);
};

export const isReady = async (driver: string): Promise<boolean> => {
  try {
    return record(await send(`${driver}/status`, 'GET'))['ready'] === true;
  } catch {
    return false;
  }
};

export const openSession = async (driver: string, capabilities: object = {}): Promise<WebDriverSession> => {
  const {sessionId, capabilities: given} = record(
    await send(`${driver}/session`, 'POST', {capabilities: {alwaysMatch: capabilities}}),
  );
  const session = `${driver}/session/${text(sessionId)}`;
  return {
    browserVersion: text(record(given)['browserVersion']),
    command: (method, path, body) => send(session + path, method, body),
  };
};

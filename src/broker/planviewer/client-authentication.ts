import {isSame} from '../digest.js';
import type {PlanviewerClient} from './options.js';
import type {Parameters} from './parameters.js';

interface Pair {
  readonly id: string;
  readonly secret: string;
}

const decodeForm = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

/** RFC 6749 §2.3.1 wants both parts encoded as in a form, and many clients send them as they are: either may be meant. */
const basicPairs = (header: string): readonly Pair[] => {
  const encoded = /^Basic +([\w+/-]+=*)$/iu.exec(header)?.[1];
  if (encoded === undefined) return [];
  let text: string;
  try {
    text = atob(encoded);
  } catch {
    return [];
  }
  const colon = text.indexOf(':');
  if (colon < 0) return [];
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  const [plainId, plainSecret] = [decodeForm(id), decodeForm(secret)];
  const plain = plainId === undefined || plainSecret === undefined ? [] : [{id: plainId, secret: plainSecret}];
  return [{id, secret}, ...plain];
};

/**
 * The client that a token request comes from. Planviewer sends its secret in the header and in the body, although RFC 6749
 * §2.3 allows one way per request: each that is there has to be right, and of the same client.
 */
export const authenticateClient = async (
  clients: ReadonlyMap<string, PlanviewerClient>,
  authorization: string | null,
  {client_id: id, client_secret: secret}: Parameters,
): Promise<PlanviewerClient | undefined> => {
  const pairs = authorization === null ? [] : basicPairs(authorization);
  const name = id ?? pairs.find((pair) => clients.has(pair.id))?.id ?? '';
  const client = clients.get(name);
  const expected = client?.clientSecret ?? crypto.randomUUID();

  // All of them, whatever the first says: the time must not tell which one was wrong.
  const fromHeader = await Promise.all(
    pairs.map(async (pair) => (await isSame(pair.secret, expected)) && pair.id === name),
  );
  const inBody = secret !== undefined && (await isSame(secret, expected));
  const headerIsRight = authorization === null || fromHeader.includes(true);
  const bodyIsRight = secret === undefined || inBody;
  const isGiven = authorization !== null || secret !== undefined;
  return isGiven && headerIsRight && bodyIsRight ? client : undefined;
};

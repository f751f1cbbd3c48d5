import * as v from 'valibot';
import type {Kept} from './vault.js';

const record = v.object({
  v: v.literal(1),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  credential: v.object({
    token: v.pipe(v.string(), v.minLength(1)),
    type: v.picklist(['Bearer', 'DPoP', 'MAC']),
    receivedAt: v.pipe(v.number(), v.finite()),
    expiresAt: v.optional(v.pipe(v.number(), v.finite())),
    user: v.optional(v.record(v.string(), v.unknown())),
    mac: v.optional(v.object({key: v.string(), algorithm: v.picklist(['hmac-sha-1', 'hmac-sha-256'])})),
    keyId: v.optional(v.string()),
  }),
  grant: v.optional(v.record(v.string(), v.unknown())),
  tab: v.optional(v.string()),
  claim: v.optional(v.object({tab: v.string(), at: v.pipe(v.number(), v.finite())})),
});

/** Who is renewing, and since when. */
export interface Claim {
  readonly tab: string;
  readonly at: number;
}

export type KeptRecord = Kept & {readonly claim?: Claim | undefined};

/** Reads what stands in a storage. Anything that is not ours, or not whole, counts as nothing. */
export const parseKept = (text: string | null): KeptRecord | undefined => {
  if (text === null) return undefined;
  try {
    const result = v.safeParse(record, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
};

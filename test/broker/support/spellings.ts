/** A secret in the forms in which it could be seen: as it is, in base64 and in a URL. */
export const spellings = (secret: string): readonly string[] => [
  ...new Set([
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]),
];

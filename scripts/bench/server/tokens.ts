/** As long as a signed token is. What is in it is nobody's business but the server's. */
const pad = (name: string): string => `${name}.${'x'.repeat(700)}.${'y'.repeat(86)}`;

export const liveToken = pad('live');
export const expiredToken = pad('expired');

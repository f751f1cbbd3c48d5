import {buildIfStale} from './build.js';
import {startDemo} from './demo.js';

const {PORT, ACCESS_TOKEN_SECONDS} = process.env;

function wholeNumber(name: string, value: string, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  console.error(`${name} must be a whole number from 1 to ${most}, not "${value}".`);
  process.exit(1);
}

const ports = PORT === undefined ? 'default' : wholeNumber('PORT', PORT, 65_000);
const accessTokenSeconds = wholeNumber('ACCESS_TOKEN_SECONDS', ACCESS_TOKEN_SECONDS ?? '60', 86_400);

await buildIfStale();
const demo = await startDemo({ports, accessTokenSeconds, maxAgeSeconds: 300, latencyMs: 40, dpop: 'nonce'});

console.log(`
  ${demo.pageUrl}

  Sign in as anna (password anna). Access tokens live for ${accessTokenSeconds} seconds; change it with ACCESS_TOKEN_SECONDS.
  Ctrl+C stops the demo.
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void demo.stop().then(() => process.exit(0)));
}

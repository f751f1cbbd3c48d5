import {SecureMapError} from '../../credentials/errors.js';
import {redact} from '../redact.js';

/** Why a bridge is not used; the `reason` of the error that says so. */
export type TroubleReason =
  /** It says that it does not serve this page. */
  | 'bridge-refused'
  /** The page is not there, may not be framed, or is no bridge. */
  | 'bridge-timeout'
  /** It was there, and is no more. */
  | 'bridge-lost'
  /** It does not speak as a bridge does. */
  | 'bridge-invalid'
  /** It is there, and does not serve this one request. */
  | 'bridge-unserved';

const words: Readonly<Record<TroubleReason, string>> = {
  'bridge-refused': 'does not serve this page: its operator lists the origins of pages in it',
  'bridge-timeout':
    'does not answer: it is not there, its server or this page (frame-src) lets no frame show it, a policy of its server stops its script, or it is none',
  'bridge-lost': 'does not answer any more',
  'bridge-invalid': 'answers in a way that no bridge does',
  'bridge-unserved': 'does not serve',
};

/** Nothing is broken for the visitor: what the bridge does not fetch is asked for directly. */
export const bridgeTrouble = (url: string, reason: TroubleReason, what = ''): SecureMapError =>
  new SecureMapError(
    'request-failed',
    `tile-bridge: ${redact(url)} ${words[reason]}${what && ` ${what}`}. It is asked for directly, at the cost of a preflight each.`,
    {reason},
  );

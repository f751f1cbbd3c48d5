import * as v from 'valibot';
import {text} from '../check-options.js';
import {basic} from './name-and-password.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface PlanviewerOptions {
  /** An access key of the server API, and the secret that the dashboard shows once. */
  readonly secret: {readonly key: string; readonly secret: string};
}

const schema = v.strictObject({
  secret: v.strictObject({key: text, secret: text}, 'must be an object with "key" and "secret"'),
});

/**
 * Planviewer's server API, for the layer lists that a page draws itself: Basic with a key, asked for nowhere and over only
 * when somebody deactivates it. It opens the whole account, so it is for a proxy alone.
 */
export const planviewer: BrokerPlatform<PlanviewerOptions> = definePlatform({
  schema,
  // Assumed: nothing but lists of viewers and their layers is asked for; `paths` of the proxy says which.
  closed: /^\/(.*\/)?(oauth|product_api)(\/|$)/,
  create: ({secret: {key, secret}}) => ({
    isForProxyOnly: true,
    obtain: () => Promise.resolve({credential: {token: basic(key, secret), type: 'Basic'}}),
  }),
});

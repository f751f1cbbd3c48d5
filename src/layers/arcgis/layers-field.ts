import * as v from 'valibot';

const message = 'must be the id or name of a layer of the service, or a list of them';
const one = v.union([v.string(), v.number()], message);

/** Which layers of a MapServer are drawn. Default: those that it shows by itself. */
export const layersField = v.optional(v.union([v.string(), v.number(), v.array(one)], message));

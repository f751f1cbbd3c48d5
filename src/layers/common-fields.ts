import * as v from 'valibot';

const share = (message: string) => v.pipe(v.number(message), v.minValue(0, message), v.maxValue(1, message));
const zoomMessage = 'must be a zoom level, a number from 0 to 50';
const zoom = v.pipe(v.number(zoomMessage), v.minValue(0, zoomMessage), v.maxValue(50, zoomMessage));
const text = v.string('must be a text');
const flag = v.boolean('must be true or false');

/** What every layer type understands. */
export const commonFields = {
  id: v.optional(v.pipe(text, v.minLength(1, 'must not be empty'))),
  title: v.optional(text),
  visible: v.optional(flag),
  opacity: v.optional(share('must be a number from 0 to 1')),
  minZoom: v.optional(zoom),
  maxZoom: v.optional(zoom),
  /** The title of the group of layers that this one is listed under. */
  group: v.optional(text),
  /** Plain text; links in it are kept, all other markup is not. */
  attribution: v.optional(v.pipe(text, v.maxLength(1000, 'must be a text of at most 1000 characters'))),
  /** Shows its legend. */
  legend: v.optional(flag),
  /** Answers clicks on the map. */
  identify: v.optional(flag),
  /** `none`, or the id of one of the page's `credentials`. */
  credential: v.optional(text),
};

export type CommonFields = v.InferOutput<v.ObjectSchema<typeof commonFields, undefined>>;

const requires = (issue: {readonly expected: string | null; readonly path?: unknown}): string =>
  issue.path ? `${issue.expected} is required` : 'must be an object';

/** The schema of one layer type: its own fields, the common ones, and `type` to tell it from the others. */
export const layerFields = <T extends string, F extends v.ObjectEntries>(type: T, fields: F, missing?: string) =>
  v.object({type: v.literal(type), ...commonFields, ...fields}, (issue) => missing ?? requires(issue));

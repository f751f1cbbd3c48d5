import * as v from 'valibot';

const share = (unit: string) => v.pipe(v.number(unit), v.minValue(0, unit), v.maxValue(1, unit));
const zoom = v.pipe(v.number('must be a zoom level (a number)'), v.finite('must be a finite zoom level'));

/** What every layer type understands. */
export const commonFields = {
  id: v.optional(v.pipe(v.string(), v.minLength(1, 'must not be empty'))),
  title: v.optional(v.string()),
  visible: v.optional(v.boolean()),
  opacity: v.optional(share('must be a number from 0 to 1')),
  minZoom: v.optional(zoom),
  maxZoom: v.optional(zoom),
  attribution: v.optional(v.string()),
  /** `none`, or the id of one of the page's `credentials`. */
  credential: v.optional(v.string()),
};

export type CommonFields = v.InferOutput<v.ObjectSchema<typeof commonFields, undefined>>;

import * as v from 'valibot';

const message =
  'must be a flat style (an object like {"fill-color": "red"}), a list of them or of rules, or a MapLibre style';
const properties = v.record(v.string(), v.unknown(), message);

/** Which properties there are, and of what types, is ol's to say when the layer is made. */
export const flatStyle = v.union([properties, v.array(properties)], message);

export type AnyStyle = v.InferOutput<typeof flatStyle>;

import type {FlatStyleLike} from 'ol/style/flat.js';
import * as v from 'valibot';

const message = 'must be a flat style (an object like {"fill-color": "red"}), or a list of them or of rules';
const properties = v.record(v.string(), v.unknown(), message);

/** Which properties there are, and of what types, is ol's to say when the layer is made. */
export const flatStyle = v.union([properties, v.array(properties)], message);

// ol's type has some two hundred optional properties; ol itself checks them.
export const toFlatStyle = (style: v.InferOutput<typeof flatStyle>): FlatStyleLike => style as FlatStyleLike;

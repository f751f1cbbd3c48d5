import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import type SimpleGeometry from 'ol/geom/SimpleGeometry.js';
import type VectorLayer from 'ol/layer/Vector.js';
import {toContext} from 'ol/render.js';
import type {Legend} from '../around.js';

const width = 30;
const height = 20;
const inset = 3;

const shapes: Readonly<Record<string, () => SimpleGeometry>> = {
  Point: () => new Point([width / 2, height / 2]),
  LineString: () =>
    new LineString([
      [inset, height - inset],
      [width / 3, inset],
      [(2 * width) / 3, height - inset],
      [width - inset, inset],
    ]),
  Polygon: () =>
    new Polygon([
      [
        [inset, inset],
        [width - inset, inset],
        [width - inset, height - inset],
        [inset, height - inset],
        [inset, inset],
      ],
    ]),
};

const kindOf = (feature: Feature): string => (feature.getGeometry()?.getType() ?? '').replace('Multi', '');

const drawSign = (layer: VectorLayer, kind: string, example: Feature | undefined): Promise<ImageBitmap> => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const sign = new Feature();
  sign.setGeometryName('_shape');
  sign.setProperties({...example?.getProperties(), _shape: shapes[kind]?.()}, true);
  const resolution = layer.getMapInternal()?.getView().getResolution() ?? 1;
  const styles = [layer.getStyleFunction()?.(sign, resolution) ?? []].flat();
  if (context) {
    const vector = toContext(context, {size: [width, height]});
    // Text says something of one feature only.
    for (const style of styles.filter((each) => !each.getText())) vector.drawFeature(sign, style);
  }
  return createImageBitmap(canvas);
};

/** How points, lines and areas of the layer look: those that there are, or an area where there is nothing yet. */
export const drawSigns = async (layer: VectorLayer): Promise<readonly Legend[]> => {
  const features = layer.getSource()?.getFeatures() ?? [];
  const kinds = Object.keys(shapes).filter((kind) => features.some((feature) => kindOf(feature) === kind));
  return Promise.all(
    (kinds.length > 0 ? kinds : ['Polygon']).map(async (kind) => ({
      image: await drawSign(
        layer,
        kind,
        features.find((feature) => kindOf(feature) === kind),
      ),
    })),
  );
};

import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Feature, FeatureCollection, Geometry} from 'geojson';
import {collectCities} from '../../demo/servers/cities.js';
import {collectCountries, loadWorld, type Path, type World} from '../../demo/servers/world.js';
import {cutLine, cutShape} from './date-line.js';

const lines = (paths: readonly Path[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: paths
    .flatMap(({lon, lat}) => cutLine(Array.from(lon, (x, index) => [x, lat[index] ?? 0])))
    .map((coordinates) => ({type: 'Feature', properties: {}, geometry: {type: 'LineString', coordinates}})),
});

const collection = <G extends Geometry>(features: readonly Feature<G>[]): FeatureCollection<G> => ({
  type: 'FeatureCollection',
  features: [...features],
});

const countriesOf = (world: World): FeatureCollection => {
  const shapes = collectCountries(world).features;
  return collection(
    world.countries.flatMap(({id, name, tint}, index) => {
      const shape = shapes[index];
      return shape ? [{...shape, properties: {id, name, tint}, geometry: cutShape(shape.geometry)}] : [];
    }),
  );
};

const namesOf = (world: World): FeatureCollection =>
  collection(
    world.countries.map(({name, label}) => ({
      type: 'Feature',
      properties: {name, room: label.box.east - label.box.west},
      geometry: {type: 'Point', coordinates: [label.lon, label.lat]},
    })),
  );

/** Natural Earth, from the package world-atlas, in files that a map server reads. */
export const writeData = async (folder: string): Promise<void> => {
  const world = loadWorld('50m');
  const files: Readonly<Record<string, FeatureCollection>> = {
    land: countriesOf(world),
    countries: countriesOf(loadWorld('110m')),
    coasts: lines(world.coasts),
    borders: lines(world.borders),
    names: namesOf(world),
    cities: collectCities(),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.geojson`), JSON.stringify(content));
  }
};

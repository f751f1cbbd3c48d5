import type {PropertyValues} from 'lit';
import {parseChoice, parseJson} from './attributes.js';
import {platformFields, readPlatform} from './platform-settings.js';
import type {SecureMapElement} from './secure-map-element.js';
import {configureSource, isSourceField, readView, viewFields} from './settings.js';
import type {Viewer} from './viewer.js';

/**
 * Does what changed attributes and properties ask for. What is wrong with one is shown until it is mended. The answer is
 * what is under way; none of it rejects.
 */
export const takeChanges = (
  element: SecureMapElement,
  viewer: Viewer,
  changed: PropertyValues<SecureMapElement>,
): readonly Promise<void>[] => {
  const {problems} = viewer;
  const names = [...changed.keys()].map(String);
  const hasAny = (fields: readonly string[]): boolean => names.some((name) => fields.includes(name));
  if (changed.has('theme'))
    problems.attempt('theme', () => parseChoice('theme', element.theme, ['auto', 'light', 'dark']));
  if (changed.has('loginMode'))
    problems.attempt('login', () => parseChoice('login', element.loginMode, ['popup', 'redirect', 'none']));
  const isAboutSource = names.some(isSourceField);
  if (isAboutSource) problems.attempt('source', () => configureSource(element, viewer, names));
  if (changed.has('tileBridge') || isAboutSource) viewer.requests.setBridges(element.tileBridge);
  const work: Promise<void>[] = [];
  if (hasAny(viewFields)) {
    const isFirst = !element.hasUpdated;
    const show = async (): Promise<void> => viewer.view.setAttributes(readView(element), isFirst);
    work.push(problems.attemptLater('view', show));
  }
  if (changed.has('config') || hasAny(platformFields))
    work.push(viewer.config.set(element.config, readPlatform(element)));
  if (changed.has('layers'))
    problems.attempt('layers', () => work.push(viewer.setLayers(parseJson('layers', element.layers))));
  return work;
};

import {canInstall, installPackages} from '../programs.js';
import type {Found, Start} from './browser.js';

export interface Wanted {
  /** What has to be there, in words. */
  readonly what: string;
  readonly packages: readonly string[];
  /** Starts it with what was found, or `undefined` when something is missing. */
  look(): Start | undefined;
}

/** Looks, installs Debian's packages if need be and possible, and looks again. */
export const installMissing = ({what, packages, look}: Wanted): Found => {
  const there = look();
  if (there) return {kind: 'here', start: there};
  const names = packages.join(' ');
  if (!canInstall) {
    return {kind: 'absent', why: `${what} not found; for root on Debian it is installed (${names})`};
  }
  console.log(`Installing ${names}.`);
  installPackages(packages);
  const installed = look();
  return installed
    ? {kind: 'here', start: installed}
    : {kind: 'broken', why: `${what} not found, and the packages ${names} did not bring it`};
};

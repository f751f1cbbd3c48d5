import {spawnSync} from 'node:child_process';
import {canInstall, findProgram, installPackages} from '../programs.js';

/** What is started; each by the names that Linux distributions give it. */
const programs = {
  nginx: {name: 'nginx', names: ['nginx'], fixed: ['/usr/sbin/nginx'], packages: ['nginx-light']},
  mapserv: {
    name: 'MapServer',
    names: ['mapserv'],
    fixed: ['/usr/lib/cgi-bin/mapserv', '/usr/libexec/mapserv'],
    packages: ['cgi-mapserver'],
  },
  spawnFcgi: {name: 'spawn-fcgi', names: ['spawn-fcgi'], fixed: [], packages: ['spawn-fcgi']},
  mapproxy: {name: 'MapProxy', names: ['mapproxy-util'], fixed: [], packages: ['mapproxy']},
  gunicorn: {name: 'Gunicorn', names: ['gunicorn'], fixed: ['/usr/bin/gunicorn'], packages: ['gunicorn']},
} as const;

type ProgramName = keyof typeof programs;

/** The programs that were found, by their paths. */
export type Software = Readonly<Record<ProgramName, string | undefined>>;

const find = (name: ProgramName): string | undefined => findProgram(programs[name].names, programs[name].fixed);

export const findSoftware = (): Software => ({
  nginx: find('nginx'),
  mapserv: find('mapserv'),
  spawnFcgi: find('spawnFcgi'),
  mapproxy: find('mapproxy'),
  gunicorn: find('gunicorn'),
});

export const servers = ['MapServer', 'MapProxy'] as const;
export type ServerName = (typeof servers)[number];

/** MapProxy draws its tiles from MapServer, and nobody gets to either but through nginx. */
const needs: Readonly<Record<ServerName, readonly ProgramName[]>> = {
  MapServer: ['nginx', 'mapserv', 'spawnFcgi'],
  MapProxy: ['nginx', 'mapserv', 'spawnFcgi', 'mapproxy', 'gunicorn'],
};

const missingFor = (server: ServerName, software: Software): readonly ProgramName[] =>
  needs[server].filter((name) => !software[name]);

/** Why a server cannot be tested here; `undefined` when it can. */
export const whyNot = (server: ServerName, software: Software): string | undefined => {
  const missing = missingFor(server, software);
  if (missing.length === 0) return undefined;
  const words = missing.map((name) => programs[name].name).join(', ');
  const packages = missing.flatMap((name) => programs[name].packages).join(' ');
  return `${words} not found${canInstall ? '' : `; for root on Debian it is installed (${packages})`}`;
};

/** Debian's packages of what is missing, where that is possible. */
export const installMissing = (): Software => {
  const software = findSoftware();
  const packages = new Set(needs.MapProxy.filter((name) => !software[name]).flatMap((name) => programs[name].packages));
  if (packages.size === 0 || !canInstall) return software;
  console.log(`Installing ${[...packages].join(' ')}.`);
  installPackages([...packages]);
  return findSoftware();
};

const versionFrom = (program: string, flag: string): string => {
  const {stdout, stderr} = spawnSync(program, [flag], {encoding: 'utf8'});
  return /\d+(?:\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'of an unknown version';
};

/** `MapServer 8.0.0` and so on, for the table. */
export const versions = ({nginx, mapserv, mapproxy}: Software): readonly string[] => [
  ...(mapserv ? [`MapServer ${versionFrom(mapserv, '-v')}`] : []),
  ...(mapproxy ? [`MapProxy ${versionFrom(mapproxy, '--version')}`] : []),
  ...(nginx ? [`nginx ${versionFrom(nginx, '-v')}`] : []),
];

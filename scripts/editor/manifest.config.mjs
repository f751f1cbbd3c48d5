/** The manifest speaks of what is in the package: the compiled modules, not the sources they are made from. */
const packaged = (path) => path.replace(/^\/?src\/(.*)\.[jt]s$/, 'dist/modules/$1.js');

const rename = (value) => {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      (key === 'path' || key === 'module') && typeof inner === 'string' ? packaged(inner) : rename(inner),
    ]),
  );
};

// Between the composition root and the element; nothing that a page touches.
const internal = new Set(['parts']);

const isPublic = ({privacy, name}) => (privacy === undefined || privacy === 'public') && !internal.has(name);

const packagedModules = {
  name: 'packaged-modules',
  packageLinkPhase({customElementsManifest}) {
    customElementsManifest.modules = rename(customElementsManifest.modules);
    for (const {declarations} of customElementsManifest.modules)
      for (const declaration of declarations ?? []) {
        if (declaration.members) declaration.members = declaration.members.filter(isPublic);
        // Dispatched as `new SomeEvent()`, an event has no name that the analyzer could see; `@fires` names it.
        if (declaration.events) declaration.events = declaration.events.filter(({name}) => name);
      }
  },
};

export default {
  globs: ['src/element/**/*.ts', 'src/secure-map.ts', 'src/define.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  quiet: true,
  plugins: [packagedModules],
};

import {fileURLToPath} from 'node:url';
import type {Cut} from './cut.js';

const own = (file: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../src/layers/vector/${file}`, import.meta.url)));

/**
 * What a layer of features with the plain look has no use for, a third of the vector part of ol: the compiler of flat
 * styles, text, icons, and what `getFeatures()` of a layer asks the pixels with.
 */
export const vectorCuts: readonly Cut[] = [
  {
    // `setStyle({'fill-color': 'red'})` of the page goes on to work, a moment later.
    file: /[\\/]ol[\\/]layer[\\/]BaseVector\.js$/,
    changes: [
      [
        "import {flatStyleLikeToStyleFunction} from '../render/canvas/style.js';",
        `import {flatStyleLater} from ${own('flat-style-later.ts')};
        import {plainLook as createDefaultStyle} from ${own('plain-look.ts')};`,
      ],
      [
        /import Style, \{\s+createDefaultStyle,\s+toFunction as toStyleFunction,\s+\}/,
        'import Style, {toFunction as toStyleFunction}',
      ],
      ['const styleLike = toStyleLike(style);', 'const styleLike = toStyleLike(style, this);'],
      ['function toStyleLike(style) {', 'function toStyleLike(style, layer) {'],
      ['return flatStyleLikeToStyleFunction(flatStyleLike);', 'return flatStyleLater(flatStyleLike, layer);'],
    ],
  },
  {
    file: /[\\/]ol[\\/]renderer[\\/]canvas[\\/]VectorLayer\.js$/,
    changes: [
      [
        /import \{\s+HIT_DETECT_RESOLUTION,\s+createHitDetectionImageData,\s+hitDetect,\s+\} from '[^']+hitdetect\.js';/,
        '',
      ],
      [
        'getFeatures(pixel) {',
        `async getFeatures(pixel) {
          const {HIT_DETECT_RESOLUTION, createHitDetectionImageData, hitDetect} =
            await import('../../render/canvas/hitdetect.js');`,
      ],
    ],
  },
  // Text is drawn by two classes that ol has at hand for every layer. Here they come with the style of a text, without
  // which nobody can ask for one.
  {
    file: /[\\/]ol[\\/]render[\\/]canvas[\\/]BuilderGroup\.js$/,
    changes: [
      ["import TextBuilder from './TextBuilder.js';", ''],
      ["'Text': TextBuilder,", ''],
      [
        'class BuilderGroup {',
        "export const provideTextBuilder = (it) => { BATCH_CONSTRUCTORS['Text'] = it; };\nclass BuilderGroup {",
      ],
    ],
  },
  {
    file: /[\\/]ol[\\/]render[\\/]canvas[\\/]Executor\.js$/,
    changes: [
      ["import {drawTextOnPath, rtlRegEx} from '../../geom/flat/textpath.js';", ''],
      [/import \{\s+offsetLineString,\s+removeOffsetCycles,\s+\} from '[^']+lineoffset\.js';/, ''],
      [
        "import {TEXT_ALIGN} from './TextBuilder.js';",
        `let drawTextOnPath, rtlRegEx, TEXT_ALIGN, offsetLineString, removeOffsetCycles;
        export const provideOffsets = (it) => { ({offsetLineString, removeOffsetCycles} = it); };
        export const provideTextPlacement = (it) => { ({drawTextOnPath, rtlRegEx, TEXT_ALIGN} = it); };`,
      ],
    ],
  },
  {
    file: /[\\/]ol[\\/]style[\\/]Text\.js$/,
    changes: [
      [
        "import Fill from './Fill.js';",
        `import Fill from './Fill.js';
        import {drawTextOnPath, rtlRegEx} from '../geom/flat/textpath.js';
        import {provideTextBuilder} from '../render/canvas/BuilderGroup.js';
        import {provideTextPlacement} from '../render/canvas/Executor.js';
        import TextBuilder, {TEXT_ALIGN} from '../render/canvas/TextBuilder.js';
        provideTextBuilder(TextBuilder);
        provideTextPlacement({drawTextOnPath, rtlRegEx, TEXT_ALIGN});`,
      ],
    ],
  },
  // The features of vector tiles, which those of other layers are asked not to be.
  {
    file: /[\\/]ol[\\/]source[\\/]Vector\.js$/,
    changes: [
      [
        "import RenderFeature from '../render/Feature.js';",
        'const RenderFeature = {[Symbol.hasInstance]: (it) => !!it?.simplifyTransformed && !!it.getProperties && !it.getRevision};',
      ],
      // It would ask past the request of the map; all of ours have a loader.
      [
        "import {xhr} from '../featureloader.js';",
        "const xhr = () => { throw new Error('A url of a source is not loaded here.'); };",
      ],
    ],
  },
  // Patterns in fills, and lines beside the line, are for styles: every compiler of those has icons.
  {
    file: /[\\/]ol[\\/]colorlike\.js$/,
    changes: [
      [
        "import {get as getIconImage} from './style/IconImage.js';",
        'let getIconImage;\nexport const provideColorPatterns = (it) => { getIconImage = it; };',
      ],
    ],
  },
  {
    file: /[\\/]ol[\\/]style[\\/]Fill\.js$/,
    changes: [
      [
        "import {get as getIconImage} from './IconImage.js';",
        'let getIconImage;\nexport const providePatterns = (it) => { getIconImage = it; };',
      ],
    ],
  },
  {
    file: /[\\/]ol[\\/]style[\\/]Icon\.js$/,
    changes: [
      [
        "import {get as getIconImage} from './IconImage.js';",
        `import {provideColorPatterns} from '../colorlike.js';
        import {offsetLineString, removeOffsetCycles} from '../geom/flat/lineoffset.js';
        import {provideOffsets} from '../render/canvas/Executor.js';
        import {providePatterns} from './Fill.js';
        import {get as getIconImage} from './IconImage.js';
        providePatterns(getIconImage);
        provideColorPatterns(getIconImage);
        provideOffsets({offsetLineString, removeOffsetCycles});`,
      ],
    ],
  },
  // Circles with all that shapes may be are for styles that name them, and for drawing.
  {
    file: /[\\/]ol[\\/]style[\\/]Style\.js$/,
    changes: [
      [
        "import CircleStyle from './Circle.js';",
        'let CircleStyle;\nexport const provideCircles = (it) => { CircleStyle = it; };',
      ],
    ],
  },
  {
    file: /[\\/]ol[\\/]interaction[\\/](?:Draw|Extent|Modify|Select)\.js$/,
    changes: [
      [
        "import {createEditingStyle} from '../style/Style.js';",
        `import CircleStyle from '../style/Circle.js';
        import {createEditingStyle, provideCircles} from '../style/Style.js';
        provideCircles(CircleStyle);`,
      ],
    ],
  },
  // Not to leave something out: a page with Trusted Types refuses the sink that the height of a font is measured by.
  {
    file: /[\\/]ol[\\/]render[\\/]canvas\.js$/,
    changes: [["measureElement.innerHTML = 'M';", "measureElement.textContent = 'M';"]],
  },
];

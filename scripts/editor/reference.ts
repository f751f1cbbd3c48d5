import type {TaggedElement} from './manifest.js';

const cell = (text: string | undefined): string => (text ?? '').replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();

const table = (head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string => {
  const line = (cells: readonly (string | undefined)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};

const code = (text: string | undefined): string => (text ? `\`${text}\`` : '');
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The reference of a tag, as markdown, from its manifest: nothing in it is written by hand. */
export const reference = ({tagName, summary = 'A protected map in one tag.', ...element}: TaggedElement): string => {
  const {attributes = [], members = [], events = [], slots = [], cssParts = [], cssProperties = []} = element;
  const shown = members.filter(
    ({privacy, static: isStatic, name}) => privacy === undefined && !isStatic && name !== 'createProperty',
  );
  const named = new Set(attributes.map(({fieldName, name}) => fieldName ?? name));
  const properties = shown.filter(({kind, name}) => kind === 'field' && !named.has(name));
  const methods = shown.filter(({kind}) => kind === 'method');
  const sections: readonly (readonly [string, string])[] = [
    [
      'Attributes',
      table(
        ['attribute', 'property', 'default', 'what'],
        attributes.map(({name, fieldName, default: value, description}) => [
          code(name),
          fieldName && fieldName !== camel(name) ? code(fieldName) : code(camel(name)),
          code(value),
          description ?? 'A token that you have; read once and removed.',
        ]),
      ),
    ],
    [
      'Properties without an attribute',
      table(
        ['property', 'type', 'what'],
        properties.map(({name, type, readonly, description}) => [
          code(name),
          code(type?.text),
          `${description ?? ''}${readonly ? ' Read only.' : ''}`,
        ]),
      ),
    ],
    [
      'Methods',
      table(
        ['method', 'answer', 'what'],
        methods.map(({name, parameters = [], return: answer, description}) => [
          code(
            `${name}(${parameters.map((one) => `${one.name.replace(/ = [^}]*/, '')}${one.optional ? '?' : ''}`).join(', ')})`,
          ),
          code(answer?.type?.text),
          description,
        ]),
      ),
    ],
    [
      'Events',
      table(
        ['event', 'class', 'when'],
        events.map(({name, type, description}) => [code(name), code(type?.text), description]),
      ),
    ],
    [
      'Slots',
      table(
        ['slot', 'what'],
        slots.map(({name, description}) => [code(name), description]),
      ),
    ],
    [
      'Parts',
      table(
        ['part', 'what'],
        cssParts.map(({name, description}) => [code(name), description]),
      ),
    ],
    [
      'Custom properties',
      table(
        ['property', 'what'],
        cssProperties.map(({name, description}) => [code(name), description]),
      ),
    ],
  ];
  const body = sections.map(([title, content]) => `## ${title}\n\n${content}`).join('\n\n');
  return `# \`<${tagName}>\`\n\n${summary} Written by the build from the comments in \`src/element/\`; the events bubble and are composed, and none ever carries a token.\n\n${body}\n`;
};

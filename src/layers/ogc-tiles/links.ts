import {isRecord} from '../../credentials/is-record.js';

/** A link of an OGC API document (OGC API – Common, RFC 8288). */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The links of a document; what has no address or no relation is none. */
export const linksOf = (document: unknown): readonly Link[] => {
  const links: readonly unknown[] =
    isRecord(document) && Array.isArray(document['links']) ? (document['links'] as readonly unknown[]) : [];
  return links.flatMap((link) => {
    if (!isRecord(link)) return [];
    const {href, rel} = link;
    return typeof href === 'string' && typeof rel === 'string' ? [{href, rel, type: text(link['type'])}] : [];
  });
};

/** Relations are written as URIs (`http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector`), CURIEs, or by their last word. */
const hasRelation = ({rel}: Link, wanted: string): boolean => rel.split(/[/:#]/).at(-1) === wanted;

/** The link with that relation, the JSON of it where there are several forms. */
export const linkTo = (document: unknown, relation: string): Link | undefined => {
  const links = linksOf(document).filter((link) => hasRelation(link, relation));
  return links.find(({type}) => type?.includes('json')) ?? links.find(({type}) => !type?.includes('html')) ?? links[0];
};

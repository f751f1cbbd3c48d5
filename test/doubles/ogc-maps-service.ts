import {imageAnswer} from './images.js';

const rel = 'http://www.opengis.net/def/rel/ogc/1.0/';

/** The documents of an OGC API – Maps at `https://maps.example/api`, by their paths. */
export const ogcMapsDocuments = (): Record<string, Record<string, unknown>> => ({
  '/api': {
    title: 'T',
    attribution: 'Us',
    links: [{rel: `${rel}data`, type: 'application/json', href: '/api/collections?f=json'}],
  },
  '/api/collections': {
    collections: [
      {
        id: 'roads',
        attribution: 'City',
        links: [
          {rel: `${rel}map`, type: 'image/jpeg', href: '/api/collections/roads/map?f=jpeg'},
          {rel: `${rel}map`, type: 'image/png', href: '/api/collections/roads/map?f=png'},
          {rel: `${rel}map`, type: 'text/html', href: '/api/collections/roads/map?f=html'},
        ],
      },
      {id: 'names', links: [{rel: 'items', href: '/api/collections/names/items'}]},
    ],
  },
});

/** Answers as that service does. */
export const ogcMapsAnswer =
  (documents: Record<string, unknown> = ogcMapsDocuments()) =>
  async (url: string): Promise<Response> => {
    const document = documents[new URL(url).pathname];
    return document ? Response.json(document) : imageAnswer('red', 768);
  };

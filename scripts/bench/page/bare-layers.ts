import ImageTile from 'ol/ImageTile.js';
import TileLayer from 'ol/layer/Tile.js';
import ImageTileSource from 'ol/source/ImageTile.js';
import XYZ from 'ol/source/XYZ.js';
import type {Task} from './harness.js';
import {keepToken, type TokenKeeper} from './token.js';

/** Plain tiles, as OpenLayers loads them. */
export const imgLayer = ({tiles}: Pick<Task, 'tiles'>): TileLayer => new TileLayer({source: new XYZ({url: tiles})});

/** What the examples of OpenLayers tell to do, with the URL of the blob given back and one more try after a 401. */
const loadByXhr = (tile: ImageTile, url: string, keeper: TokenKeeper, isLast = false): void => {
  const request = new XMLHttpRequest();
  const header = keeper.header();
  request.open('GET', url);
  request.responseType = 'blob';
  request.setRequestHeader('Authorization', header);
  request.onload = () => {
    if (request.status === 401 && !isLast)
      return void keeper.renew(header).then(() => loadByXhr(tile, url, keeper, true));
    const image = tile.getImage();
    if (!(image instanceof HTMLImageElement)) return undefined;
    const src = URL.createObjectURL(request.response);
    image.addEventListener('load', () => URL.revokeObjectURL(src), {once: true});
    image.src = src;
    return undefined;
  };
  request.send();
};

export const xhrLayer = ({tiles, token, tokenUrl}: Task): TileLayer => {
  const keeper = keepToken(token, tokenUrl);
  const tileLoadFunction = (tile: unknown, url: string): void => {
    if (tile instanceof ImageTile) loadByXhr(tile, url, keeper);
  };
  return new TileLayer({source: new XYZ({url: tiles, tileLoadFunction})});
};

/** As good as it gets without more than OpenLayers has. */
export const fetchLayer = ({tiles, token, tokenUrl}: Task): TileLayer => {
  const keeper = keepToken(token, tokenUrl);
  const ask = (url: string, authorization: string, signal: AbortSignal): Promise<Response> =>
    fetch(url, {headers: {authorization}, signal, credentials: 'omit'});
  return new TileLayer({
    source: new ImageTileSource({
      async loader(z, x, y, {signal}) {
        const url = tiles.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
        const header = keeper.header();
        let response = await ask(url, header, signal);
        if (response.status === 401) {
          await keeper.renew(header);
          response = await ask(url, keeper.header(), signal);
        }
        return createImageBitmap(await response.blob());
      },
    }),
  });
};

import type Tile from 'ol/Tile.js';
import TileState from 'ol/TileState.js';

/**
 * ol holds one of sixteen places for a tile until its answer is there, so that a server that hangs stops every other
 * layer. Who asks when is for the map's own queue: a failure gives the place back, and ol goes on listening (ol 10.11,
 * `ol/TileQueue`). The tile has to go on to another state in the same turn.
 */
export const leaveQueue = (tile: Tile): void => tile.setState(TileState.ERROR);

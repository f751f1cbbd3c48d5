export {panelStyles} from './panel.styles.js';
export {createPin, identifyPanel} from './identify-panel.js';
export {Legends} from './legends.js';

/** What the map server says about itself: a map configuration as `<secure-map config>` reads it. */
export function renderWorldConfig(origin: string): string {
  return JSON.stringify({
    title: 'World',
    view: {projection: 'EPSG:3857', center: [10, 50], zoom: 4},
    layers: [
      {
        type: 'xyz',
        id: 'world',
        title: 'World',
        url: `${origin}/tiles/{z}/{x}/{y}.png`,
        attribution: 'Natural Earth',
      },
      {
        type: 'wms',
        id: 'boundaries',
        title: 'Boundaries',
        url: `${origin}/wms`,
        layers: 'boundaries',
        opacity: 0.9,
        identify: true,
        legend: true,
      },
      {
        type: 'geojson',
        id: 'countries',
        title: 'Countries',
        url: `${origin}/features/countries.geojson`,
        visible: false,
        identify: true,
        style: {'fill-color': 'rgba(11, 107, 118, 0.12)', 'stroke-color': '#0b6b76', 'stroke-width': 1.25},
      },
      {
        type: 'geojson',
        id: 'cities',
        title: 'Cities',
        url: `${origin}/features/cities.geojson`,
        identify: true,
        style: {
          'circle-radius': ['interpolate', ['linear'], ['get', 'millions'], 0, 4, 10, 7, 40, 11],
          'circle-fill-color': '#0b6b76',
          'circle-stroke-color': '#ffffff',
          'circle-stroke-width': 2,
        },
      },
    ],
  });
}

/** The same world for everybody. */
export function renderPublicConfig(origin: string): string {
  return JSON.stringify({
    title: 'World',
    view: {projection: 'EPSG:3857', center: [10, 50], zoom: 4},
    layers: [
      {
        type: 'xyz',
        id: 'world',
        title: 'World',
        url: `${origin}/public/tiles/{z}/{x}/{y}.png`,
        attribution: 'Natural Earth',
      },
    ],
  });
}

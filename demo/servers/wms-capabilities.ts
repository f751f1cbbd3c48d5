import {MAX_SIZE} from './wms-window.js';
import type {WmsVersion} from './wms-window.js';

export interface WmsLayer {
  readonly name: 'boundaries' | 'countries';
  readonly title: string;
  readonly abstract: string;
}

export const WMS_LAYERS: readonly WmsLayer[] = [
  {name: 'boundaries', title: 'Boundaries', abstract: 'Land boundaries between countries.'},
  {name: 'countries', title: 'Countries', abstract: 'Countries as coloured areas.'},
];

export function renderCapabilities(version: WmsVersion, url: string): string {
  return version === '1.3.0' ? renderVersion130(url) : renderVersion111(url);
}

/** Natural Earth's world: Mercator ends at 85.06°. */
const MERCATOR = 20_037_508.34;

function renderVersion130(url: string): string {
  const layers = WMS_LAYERS.map(
    (layer) => `
      <Layer queryable="1">
        <Name>${layer.name}</Name>
        <Title>${layer.title}</Title>
        <Abstract>${layer.abstract}</Abstract>
        ${style(layer, '1.3.0', url)}
      </Layer>`,
  ).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd">
  <Service>
    <Name>WMS</Name>
    ${service(url)}
    <MaxWidth>${MAX_SIZE}</MaxWidth>
    <MaxHeight>${MAX_SIZE}</MaxHeight>
  </Service>
  <Capability>
    <Request>
      <GetCapabilities>${operation(['text/xml'], url)}</GetCapabilities>
      <GetMap>${operation(['image/png', 'image/jpeg'], url)}</GetMap>
      <GetFeatureInfo>${operation(['application/json'], url)}</GetFeatureInfo>
    </Request>
    <Exception>
      <Format>XML</Format>
    </Exception>
    <Layer>
      <Title>World</Title>
      <CRS>CRS:84</CRS>
      <CRS>EPSG:4326</CRS>
      <CRS>EPSG:3857</CRS>
      <EX_GeographicBoundingBox>
        <westBoundLongitude>-180</westBoundLongitude>
        <eastBoundLongitude>180</eastBoundLongitude>
        <southBoundLatitude>-90</southBoundLatitude>
        <northBoundLatitude>90</northBoundLatitude>
      </EX_GeographicBoundingBox>
      <BoundingBox CRS="CRS:84" minx="-180" miny="-90" maxx="180" maxy="90"/>
      <BoundingBox CRS="EPSG:4326" minx="-90" miny="-180" maxx="90" maxy="180"/>
      <BoundingBox CRS="EPSG:3857" minx="-${MERCATOR}" miny="-${MERCATOR}" maxx="${MERCATOR}" maxy="${MERCATOR}"/>
      <Attribution>
        <Title>Natural Earth</Title>
      </Attribution>${layers}
    </Layer>
  </Capability>
</WMS_Capabilities>
`;
}

function renderVersion111(url: string): string {
  const layers = WMS_LAYERS.map(
    (layer) => `
      <Layer queryable="1">
        <Name>${layer.name}</Name>
        <Title>${layer.title}</Title>
        <Abstract>${layer.abstract}</Abstract>
        ${style(layer, '1.1.1', url)}
      </Layer>`,
  ).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">
<WMT_MS_Capabilities version="1.1.1">
  <Service>
    <Name>OGC:WMS</Name>
    ${service(url)}
  </Service>
  <Capability>
    <Request>
      <GetCapabilities>${operation(['application/vnd.ogc.wms_xml'], url)}</GetCapabilities>
      <GetMap>${operation(['image/png', 'image/jpeg'], url)}</GetMap>
      <GetFeatureInfo>${operation(['application/json'], url)}</GetFeatureInfo>
    </Request>
    <Exception>
      <Format>application/vnd.ogc.se_xml</Format>
    </Exception>
    <Layer>
      <Title>World</Title>
      <SRS>EPSG:4326</SRS>
      <SRS>EPSG:3857</SRS>
      <LatLonBoundingBox minx="-180" miny="-90" maxx="180" maxy="90"/>
      <BoundingBox SRS="EPSG:4326" minx="-180" miny="-90" maxx="180" maxy="90"/>
      <BoundingBox SRS="EPSG:3857" minx="-${MERCATOR}" miny="-${MERCATOR}" maxx="${MERCATOR}" maxy="${MERCATOR}"/>
      <Attribution>
        <Title>Natural Earth</Title>
      </Attribution>${layers}
    </Layer>
  </Capability>
</WMT_MS_Capabilities>
`;
}

function service(url: string): string {
  return `<Title>Demo map server</Title>
    <Abstract>The world in a few layers, for those who are signed in.</Abstract>
    ${link(url)}
    <Fees>none</Fees>
    <AccessConstraints>Bearer token of the demo sign-in server</AccessConstraints>`;
}

function operation(formats: readonly string[], url: string): string {
  const names = formats.map((format) => `<Format>${format}</Format>`).join('');
  return `${names}<DCPType><HTTP><Get>${link(`${url}?`)}</Get></HTTP></DCPType>`;
}

function style(layer: WmsLayer, version: WmsVersion, url: string): string {
  const query = new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: version,
    REQUEST: 'GetLegendGraphic',
    FORMAT: 'image/png',
    LAYER: layer.name,
  });
  const href = `${url}?${query.toString().replaceAll('&', '&amp;')}`;
  return `<Style><Name>default</Name><Title>${layer.title}</Title><LegendURL width="150" height="24"><Format>image/png</Format>${link(href)}</LegendURL></Style>`;
}

function link(href: string): string {
  return `<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href="${href}"/>`;
}

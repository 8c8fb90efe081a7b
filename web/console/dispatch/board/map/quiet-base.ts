import * as leaflet from 'leaflet';

/** What the lines of the base may stand apart, in kilometres. */
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const kilometresADegree = 111.32;
const widest = 84;

/** The least step whose lines stand at least so many pixels apart, in kilometres. */
function stepFor(map: leaflet.Map): number {
  const { lat } = map.getCenter();
  const kilometresAPixel = (40_075.016 * Math.cos((lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  return steps.find((step) => step / kilometresAPixel >= widest) ?? steps.at(-1)!;
}

/**
 * The base of a map without tiles (离线底图): a net of lines a round number of kilometres apart, drawn anew as the map moves.
 * It needs no network, and tells distances as well as the scale beside it does.
 */
export function quietBase(map: leaflet.Map): leaflet.Layer {
  const pane = map.getPane('base') ?? map.createPane('base');
  pane.style.zIndex = '150';
  pane.style.pointerEvents = 'none';
  const renderer = leaflet.canvas({ pane: 'base', padding: 0.4 });
  const lines = leaflet.layerGroup();
  const draw = (): void => {
    lines.clearLayers();
    const step = stepFor(map);
    const bounds = map.getBounds().pad(0.4);
    const colour = getComputedStyle(map.getContainer()).getPropertyValue('--map-line').trim();
    const line = (points: [number, number][], strong: boolean): void => {
      lines.addLayer(leaflet.polyline(points, { renderer, pane: 'base', interactive: false, color: colour, weight: 1, opacity: strong ? 1 : 0.7 }));
    };
    const dLat = step / kilometresADegree;
    // The same at every place of the net's own row of degrees, so that lines do not slide while one pans.
    const dLng = step / (kilometresADegree * Math.cos((Math.round(map.getCenter().lat) * Math.PI) / 180));
    const [south, north, west, east] = [bounds.getSouth(), bounds.getNorth(), bounds.getWest(), bounds.getEast()];
    for (let at = Math.ceil(south / dLat); at * dLat <= north; at += 1) line([[at * dLat, west], [at * dLat, east]], at % 5 === 0);
    for (let at = Math.ceil(west / dLng); at * dLng <= east; at += 1) line([[south, at * dLng], [north, at * dLng]], at % 5 === 0);
  };
  lines.on('add', () => {
    draw();
    map.on('moveend', draw);
  });
  lines.on('remove', () => {
    map.off('moveend', draw);
  });
  return lines;
}

import {parseConfig, type ParsedConfig} from '../../../../src/config/parse-config.js';
import {fetchConfig} from '../../../../src/config/fetch-config.js';
import {ScriptedServer, type Answer} from '../../../doubles/scripted-server.js';

export const documentUrl = 'https://service.example/ows?service=WMS&request=GetCapabilities';

export interface Read {
  readonly config: ParsedConfig;
  readonly server: ScriptedServer;
  /** The configs of the layers, without what groups hold. */
  readonly layers: readonly Record<string, unknown>[];
  readonly said: string;
}

/** As the map does it: loads the document and checks what is in it. */
export const read = async (answer: string | ((url: string) => Answer), url = documentUrl): Promise<Read> => {
  const server = new ScriptedServer((asked) => (typeof answer === 'string' ? new Response(answer) : answer(asked)));
  const {signal} = new AbortController();
  const loaded = await fetchConfig(url, server.request, signal);
  const config = await parseConfig(loaded, {url, request: server.request, signal});
  const layers = config.layers.map(({config: layer}) => ({...layer}) as Record<string, unknown>);
  return {config, server, layers, said: config.problems.map(({message}) => message).join('\n')};
};

export const accepts =
  'config accepts: a map configuration (a JSON object with "layers"), a MapLibre style (version 8)';

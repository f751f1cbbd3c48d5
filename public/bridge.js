// The tile bridge: fetches tiles of its own origin for the pages that the allow list of bridge.html names, so that
// browsers need not ask before each tile (CORS preflight). A token is in the headers of one request, and nowhere else.
// The other half, with the names of all messages: src/request/bridge/messages.ts. What it must withstand: docs/bridge.md.
(() => {
  const VERSION = 1;
  /** At a time, for one page. */
  const MOST_REQUESTS = 128;
  const LONGEST_URL = 8_192;
  const LONGEST_HEADER = 16_384;
  /** The same limits as in src/request/read-body.ts. */
  const MOST_BYTES = 50_000_000;
  const SMALL = 1_000_000;
  const REQUEST_HEADERS = ['accept', 'authorization', 'dpop'];
  /** What the map needs: to read the answer, to wait, to renew, and to prove anew. */
  const ANSWER_HEADERS = ['content-type', 'date', 'dpop-nonce', 'retry-after', 'www-authenticate'];
  /** Servers disagree on what these mean, so that each may be a way out of a path. As in src/credentials/scope.ts. */
  const AMBIGUOUS = /%(25)*(00|2e|2f|5c)|\/\.\.?(;|%(25)*3b)/i;
  const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
  // Of a document without an address of its own `location.origin` is none.
  const OWN = self.origin;

  // The allow list ---------------------------------------------------------------------------------------------------

  const complain = (what) => console.error(`bridge.html: ${what}`);

  const parse = (url, base) => {
    try {
      return new URL(url, base);
    } catch {
      return undefined;
    }
  };

  const isPage = (entry) => {
    const url = typeof entry === 'string' ? parse(entry) : undefined;
    // Not every browser knows that there are none of these in the name of a host.
    if (!url || url.origin !== entry || entry.includes('*')) return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  };

  const isPath = (entry) =>
    typeof entry === 'string'
    && entry.startsWith('/')
    && !entry.includes('*')
    && !AMBIGUOUS.test(entry)
    && parse(entry, OWN)?.href === `${OWN}${entry}`
    && parse(entry, OWN)?.pathname === entry;

  const isHeader = (entry) =>
    typeof entry === 'string'
    && /^[!#$%&'*+.^_`|~\w-]{1,64}$/.test(entry)
    && !/^(cookie|host|origin|range)$/i.test(entry);

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** What is wrong is named and allows nothing; the rest stays good. */
  const entriesOf = (list, name, isGood, allowed) => {
    if (!Array.isArray(list)) {
      complain(`"${name}" must be a list. Nobody is allowed.`);
      return [];
    }
    return list.filter((entry) => {
      if (isGood(entry)) return true;
      complain(`"${name}": ${JSON.stringify(entry)} is not ${allowed}. It allows nothing.`);
      return false;
    });
  };

  const readAllowList = () => {
    let written;
    try {
      written = JSON.parse(document.getElementById('allow').textContent);
    } catch {
      complain('the allow list is not JSON. Nobody is allowed.');
      return {pages: [], paths: [], headers: []};
    }
    if (!isObject(written)) written = {};
    for (const key of Object.keys(written)) {
      if (!['pages', 'paths', 'tokenHeader'].includes(key))
        complain(`"${key}" is not known. Allowed: pages, paths, tokenHeader.`);
    }
    const {pages, paths, tokenHeader} = written;
    const isNamed = tokenHeader !== undefined && isHeader(tokenHeader);
    if (tokenHeader !== undefined && !isNamed) complain(`"tokenHeader": ${JSON.stringify(tokenHeader)} is no header.`);
    return {
      pages: entriesOf(pages, 'pages', isPage, 'an exact https origin like "https://site.example"'),
      paths: entriesOf(paths, 'paths', isPath, 'a plain path like "/tiles/"'),
      headers: isNamed ? [...REQUEST_HEADERS, tokenHeader.toLowerCase()] : REQUEST_HEADERS,
    };
  };

  const {pages, paths, headers: allowedHeaders} = readAllowList();

  // What a page may ask for ------------------------------------------------------------------------------------------

  const withSlash = (path) => (path.endsWith('/') ? path : `${path}/`);

  /** Only what is written as the browser itself would write it: then there is but one way to read it. */
  const isAllowedUrl = (text) => {
    if (typeof text !== 'string' || text.length > LONGEST_URL) return false;
    const url = parse(text);
    if (!url || url.href !== text || url.origin !== OWN || url.username || url.password || url.hash) return false;
    if (AMBIGUOUS.test(url.pathname)) return false;
    return paths.some((path) => withSlash(url.pathname).startsWith(withSlash(path)));
  };

  const areAllowedHeaders = (headers) =>
    isObject(headers)
    && Object.entries(headers).every(
      ([name, value]) => allowedHeaders.includes(name) && typeof value === 'string' && value.length <= LONGEST_HEADER,
    );

  const hasOnly = (message, keys) => Object.keys(message).every((key) => keys.includes(key));

  // What it does for one -----------------------------------------------------------------------------------------------

  /** As in read-body.ts: the browser holds an answer to its length, unless it comes in chunks or can unpack to more. */
  const isSmall = ({headers}) => {
    const length = headers.get('content-length') ?? '';
    const isSized = !headers.has('transfer-encoding') && !headers.has('content-encoding');
    return isSized && /^[1-9]\d{0,6}$/.test(length) && Number(length) <= SMALL;
  };

  /**
   * Counted while it arrives: a length may be missing, and says nothing about what a compressed body unpacks to. What is
   * too large or cut off is told by a word.
   */
  const readBody = async (response) => {
    const chunks = [];
    let length = 0;
    try {
      if (isSmall(response)) return await response.blob();
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader.read()) {
        length += part.value.byteLength;
        if (length > MOST_BYTES) {
          void reader.cancel();
          return 'too-large';
        }
        chunks.push(part.value);
      }
    } catch {
      return 'cut-off';
    }
    return new Blob(chunks);
  };

  const fetchOwn = (url, headers, signal) =>
    fetch(url, {
      headers,
      signal,
      mode: 'same-origin',
      credentials: 'omit',
      // Where it leads was not asked for, and may be another origin.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });

  const serve = (port) => {
    /** What is under way, by id. */
    const running = new Map();
    let lastId = 0;

    const say = (message) => port.postMessage({v: VERSION, ...message});

    /** A page that does not speak the language is not listened to any more. */
    const hangUp = () => {
      for (const stop of running.values()) stop.abort();
      running.clear();
      say({type: 'refused'});
      port.close();
    };

    const answer = async ({id, url, headers}, stop) => {
      const response = await fetchOwn(url, headers, stop.signal);
      const read = await readBody(response);
      if (stop.signal.aborted) return;
      // The page may ask the server itself.
      if (read === 'too-large') return say({type: 'refused', id, reason: 'size'});
      const body = read === 'cut-off' ? null : read;
      const kept = ANSWER_HEADERS.map((name) => [name, response.headers.get(name)]).filter(
        ([, value]) => value !== null,
      );
      const {status} = response;
      return say({type: 'answer', id, status, headers: Object.fromEntries(kept), body});
    };

    const get = (message) => {
      const {id} = message;
      const refuse = (reason) => say({type: 'refused', id, reason});
      if (!hasOnly(message, ['v', 'type', 'id', 'url', 'headers'])) return refuse('shape');
      if (!isAllowedUrl(message.url)) return refuse('url');
      if (!areAllowedHeaders(message.headers)) return refuse('headers');
      if (running.size >= MOST_REQUESTS) return refuse('busy');
      const stop = new AbortController();
      running.set(id, stop);
      answer(message, stop)
        .catch(() => {
          // Without the reason: a page of another origin would not be told it either.
          if (!stop.signal.aborted) say({type: 'failed', id});
        })
        .finally(() => running.delete(id));
      return undefined;
    };

    const cancel = ({id}) => {
      running.get(id)?.abort();
      running.delete(id);
    };

    const isNext = (id) => Number.isSafeInteger(id) && id > lastId;

    port.onmessage = ({data}) => {
      if (!isObject(data)) return hangUp();
      if (data.v !== VERSION)
        return isNext(data.id) ? say({type: 'refused', id: data.id, reason: 'version'}) : hangUp();
      if (data.type === 'ping') return say({type: 'pong'});
      if (data.type === 'cancel') return cancel(data);
      if (data.type !== 'get' || !isNext(data.id)) return hangUp();
      lastId = data.id;
      return get(data);
    };
    port.onmessageerror = hangUp;
    const [navigation] = performance.getEntriesByType('navigation');
    say({type: 'ready', paths, headers: allowedHeaders, protocol: navigation?.nextHopProtocol ?? ''});
  };

  // One handshake ------------------------------------------------------------------------------------------------------

  const onHandshake = ({data, origin, source, ports}) => {
    // Only the page that this one stands in, and only when it speaks to a bridge: extensions talk to everybody.
    if (source !== parent || parent === self || !isObject(data) || data.source !== 'secure-map') return;
    const [port] = ports;
    if (!port) return;
    removeEventListener('message', onHandshake);
    if (pages.includes(origin) && data.v === VERSION && data.type === 'open') return serve(port);
    port.postMessage({v: VERSION, type: 'refused'});
    port.close();
  };
  addEventListener('message', onHandshake);
})();

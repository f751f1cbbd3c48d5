const hasBody = ({method}: Request): boolean => method !== 'GET' && method !== 'HEAD';

/** The same request to another address. The body is read, since not every browser passes a stream on. */
export const toAddress = async (request: Request, url: URL, change: RequestInit): Promise<Request> => {
  const {method, credentials, redirect, referrerPolicy, integrity, keepalive, signal} = request;
  const body = hasBody(request) ? await request.arrayBuffer() : null;
  return new Request(url, {
    ...{method, credentials, redirect, referrerPolicy, integrity, keepalive, signal},
    body,
    ...change,
  });
};

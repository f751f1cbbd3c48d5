/**
 * The request for one more use. One without a body can be used again as it is; making copies of it for each tile is felt.
 * By the method, since not every browser has `Request.body`.
 */
export const reusable = (request: Request): Request =>
  request.method === 'GET' || request.method === 'HEAD' ? request : request.clone();

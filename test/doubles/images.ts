/** A PNG of one colour. */
export const png = async (colour: string, size = 256): Promise<Blob> => {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
  return canvas.convertToBlob({type: 'image/png'});
};

export const imageAnswer = async (colour: string, size = 256): Promise<Response> =>
  new Response(await png(colour, size), {headers: {'content-type': 'image/png'}});

/** The service accepts bodies of 256 KiB; a text needs some of it. */
export const MAX_PICTURES_LENGTH = 200_000;
const SIDES = [1600, 1024, 768, 512, 384] as const;
const QUALITY = 0.8;

/** A picture that is sent with a request. */
export interface Picture {
  readonly name: string;
  readonly url: string;
}

/**
 * Reads an image file as a `data:` URL, smaller if it would be longer than allowed.
 *
 * @throws Error if it is not an image, or too large.
 */
export async function readPicture(file: File, maxLength: number): Promise<Picture> {
  if (/^image\/(png|jpeg|webp|gif)$/.test(file.type)) {
    const url = await dataUrlOf(file);
    if (url.length <= maxLength) return { name: file.name, url };
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`"${file.name}" is not an image that this browser can read.`);
  });
  try {
    for (const side of SIDES) {
      const url = await smallerUrlOf(bitmap, side);
      if (url.length <= maxLength) return { name: file.name, url };
    }
  } finally {
    bitmap.close();
  }
  throw new Error(`"${file.name}" is too large, also as a smaller picture.`);
}

function smallerUrlOf(bitmap: ImageBitmap, side: number): Promise<string> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }).then(dataUrlOf);
}

function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new Error('The file could not be read.')));
    reader.readAsDataURL(blob);
  });
}

import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MAX_IMAGE, MAX_TEXT } from './input.rules.js';

/** A text part of the input. All text parts together have at most 32,000 characters. */
@ApiSchema({ name: 'TextPart' })
export class TextPart {
  type: 'text';

  /** @example 'What is on this picture?' */
  @ApiProperty({ minLength: 1, maxLength: MAX_TEXT })
  text: string;
}

/** An image part of the input. */
@ApiSchema({ name: 'ImagePart' })
export class ImagePart {
  type: 'image_url';

  /**
   * A public `https:` URL of at most 2,048 characters, which the model's provider fetches. Or a `data:` URL with a PNG,
   * JPEG, WebP or GIF in base64.
   * @example 'https://app.example.com/nest.jpg'
   */
  @ApiProperty({ minLength: 1, maxLength: MAX_IMAGE })
  url: string;
}

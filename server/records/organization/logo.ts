import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { loadImages } from '../../platform/files/image.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** Pixels into which a logo is fitted: enough for paper. */
const largest = { width: 640, height: 240 } as const;
const mostPixels = 16_000_000;

/** The organization's logo (企业标志) as PNG; null when there is none. */
export async function logoOf({ tenantId, transaction }: Reading): Promise<Buffer | null> {
  return (await transaction.first(build.selectFrom('organization_logo').select('image').where('tenant_id', '=', tenantId)))?.image ?? null;
}

/** The same as a data URL. */
export async function logoAddress(context: Reading): Promise<string | null> {
  const image = await logoOf(context);
  return image && `data:image/png;base64,${image.toString('base64')}`;
}

/**
 * Makes a logo of a picture (制作标志): a PNG of at most 640 by 240 pixels, whatever it was before.
 *
 * @param address data URL of a PNG, JPEG or WebP
 * @throws Refusal invalid_input for what is no such picture
 */
export async function makeLogo(address: string): Promise<Buffer> {
  const sharp = await loadImages();
  try {
    return await sharp(Buffer.from(address.slice(address.indexOf(',') + 1), 'base64'), { limitInputPixels: mostPixels, failOn: 'error' }).timeout({ seconds: 5 })
      .autoOrient().resize({ ...largest, fit: 'inside', withoutEnlargement: true }).png({ palette: true }).toBuffer();
  } catch {
    throw invalidInput('/logo', 'format', { zh: '不是可以读取的图片', en: 'is no picture that can be read' });
  }
}

/** Keeps a logo, or removes the one there is. */
export async function keepLogo({ tenantId, transaction, now }: Reading & Pick<Context, 'now'>, image: Buffer | null): Promise<void> {
  if (image === null) return void await transaction.run(build.deleteFrom('organization_logo').where('tenant_id', '=', tenantId));
  const values = { image, changed_at: now };
  await transaction.run(build.insertInto('organization_logo').values({ tenant_id: tenantId, ...values }).onConflict((conflict) => conflict.columns(['tenant_id']).doUpdateSet(values)));
}

import { App, Button, ConfigProvider } from 'antd';
import { useRef, type ChangeEvent } from 'react';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './logo-field.module.css';

/** Pixels into which a logo is fitted before it is sent; the server fits it once more. */
const largest = { width: 640, height: 240 } as const;

/**
 * A picture made small enough to be sent (缩小标志), as data URL of a PNG.
 *
 * @throws when it is none that this browser can read
 */
async function shrink(file: File): Promise<string> {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    // Drawings without a size of their own are drawn as large as they may be.
    const [width, height] = [picture.naturalWidth || largest.width, picture.naturalHeight || largest.height];
    const scale = Math.min(largest.width / width, largest.height / height, 1);
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png');
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The organization's logo (企业标志): shown, chosen, taken away. */
export function LogoField({ value = '', onChange, id }: { value?: string; onChange?: (value: string) => void; id?: string }) {
  const { t: say } = useSettingsTexts();
  const { message } = App.useApp();
  const { componentDisabled } = ConfigProvider.useConfig();
  const input = useRef<HTMLInputElement>(null);

  async function onPick(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = event.target.files ?? [];
    // The same picture may be chosen again after it was removed.
    event.target.value = '';
    if (file === undefined) return;
    try {
      onChange?.(await shrink(file));
    } catch {
      void message.error(say('profile.logoWrong'));
    }
  }

  return (
    <div className={styles.logo}>
      {value !== '' && <img src={value} alt={say('profile.logo')} />}
      <input ref={input} id={id} type="file" accept="image/png,image/jpeg,image/webp,image/svg+xml" hidden disabled={componentDisabled} onChange={(event) => void onPick(event)} />
      <Button onClick={() => input.current?.click()}>{say(value === '' ? 'profile.logoChoose' : 'profile.logoOther')}</Button>
      {value !== '' && <Button type="text" onClick={() => onChange?.('')}>{say('profile.logoRemove')}</Button>}
    </div>
  );
}

import { avatarHue, initials } from '../names.ts';
import './react.css';

/**
 * A person's picture, or the initials of the name on a colour of its own.
 *
 * @param size edge length in pixels; 24 in lists, 32 in headers
 */
export function Avatar({ name, src, size = 24 }: { name: string; src?: string; size?: number }) {
  const style = { width: size, height: size, fontSize: Math.round(size * (initials(name).length > 1 ? 0.4 : 0.5)) };
  if (src !== undefined) return <img className="bh-avatar" style={style} src={src} alt={name} title={name} />;
  // The initials are a drawing, not a text: a button that holds them is not called by them.
  return <span className={`bh-avatar bh-avatar-${avatarHue(name)}`} style={style} role="img" aria-label={name} title={name} data-initials={initials(name)} />;
}

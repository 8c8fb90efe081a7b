import type { FileSummary } from '../../../contract/file.ts';
import { Icon } from '../parts/icons.tsx';
import { showPicture } from '../parts/viewer.tsx';
import { say } from '../texts/say.ts';

/** Photos and files of a request; photos open across the screen. */
export function FileGrid({ files }: { files: FileSummary[] }) {
  return (
    <div class="photo-grid file-grid">
      {files.map((file, index) =>
        file.mediaType.startsWith('image/') ? (
          <button key={file.id} type="button" class="photo photo-view" aria-label={say('photos.view', { number: index + 1 })} onClick={() => showPicture(file.url, say('photos.photo', { number: index + 1 }))}>
            <img src={file.thumbnailUrl ?? file.url} alt="" loading="lazy" />
          </button>
        ) : (
          <a key={file.id} class="photo photo-file" href={file.url} download>
            <Icon name="copy" />
            <span>{file.name}</span>
          </a>
        ),
      )}
    </div>
  );
}

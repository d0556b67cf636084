import { useWords } from '../frame/view.ts';
import { BOARD_WORDS } from './board-words.ts';

/** Which keys do what. Single keys get into the way of some people's tools, so they can be switched off. */
export function KeyHelp() {
  const words = useWords(BOARD_WORDS);
  return (
    <details class="keys" id="keys">
      <summary>{words.keys}</summary>
      <dl>
        {words.keyHelp.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" id="use-keys" checked /> {words.useKeys}
      </label>
    </details>
  );
}

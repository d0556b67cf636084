import { readSettings } from './read-settings.ts';
import { redactor } from './redactor.ts';

describe('what the settings keep secret', () => {
  const redact = redactor(
    readSettings({
      ADMIN_API_KEY: 'a key "in" quotes/+',
      DATABASE_URL: 'postgresql://alarm:p%40ss+word%2F1@db:5432/alarm_broker',
      WEBHOOK_URL: 'https://hooks.example.org/services/T0/B1/xyz',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/notification?api-key=of%20the%20house',
      SMS_SECRET: 'short',
    }),
  );

  it.each([
    ['the key is a key "in" quotes/+.', 'the key is ….'],
    [JSON.stringify({ got: 'a key "in" quotes/+' }), '{"got":"…"}'],
    ['?key=a%20key%20%22in%22%20quotes%2F%2B&x', '?key=…&x'],
    ['connect postgresql://alarm:p%40ss+word%2F1@db:5432/alarm_broker failed', 'connect … failed'],
    ['login with p@ss+word/1', 'login with …'],
    ['alarm at db, database alarm_broker', 'alarm at db, database alarm_broker'],
    ['POST /services/T0/B1/xyz and again /services/T0/B1/xyz', 'POST /… and again /…'],
    ['notification sent', 'notification sent'],
    ['keys: of%20the%20house, of the house', 'keys: …, …'],
    ['a short story', 'a short story'],
  ])('is taken out of a text: %s', (text, told) => {
    expect(redact(text)).toBe(told);
  });

  it('is nothing where nothing is set', () => {
    expect(redactor(readSettings({}))('any text')).toBe('any text');
  });
});

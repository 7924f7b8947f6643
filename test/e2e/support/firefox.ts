/** Firefox for tests: with fake devices, and on request with an H.264 encoder of the distribution. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';

const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // WebAudio stands still on machines without a sound card.
  'media.cubeb.force_mock_context': true,
};

/**
 * Firefox encodes H.264 with a plug-in that it downloads from Cisco, which tests must not depend on,
 * or with the platform's encoder if the graphics card is known to be good at it. These declare it good
 * (1 is nsIGfxInfo.FEATURE_STATUS_OK) and choose the platform's, on Linux x264 in libavcodec.
 */
const X264_PREFERENCES = {
  'gfx.blacklist.webrtc.hw.acceleration.h264': 1,
  'media.webrtc.hw.h264.enabled': true,
  'media.webrtc.encoder_creation_strategy': 1,
};

const X264_ADAPTER_SOURCE = fileURLToPath(new URL('x264_zero_latency.cc', import.meta.url));
const BUILD_FOLDER = fileURLToPath(new URL('../../../build/e2e/', import.meta.url));

export function launchFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: PREFERENCES,
  });
}

/** A Firefox that sends H.264, too, and all codecs with the platform's encoders. */
export function launchFirefoxWithX264(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: { ...PREFERENCES, ...X264_PREFERENCES },
    env: { ...process.env, LD_PRELOAD: buildX264Adapter() },
  });
}

function buildX264Adapter(): string {
  const library = `${BUILD_FOLDER}x264_zero_latency.so`;
  mkdirSync(BUILD_FOLDER, { recursive: true });
  execFileSync('c++', ['-O2', '-shared', '-fPIC', X264_ADAPTER_SOURCE, '-o', library, '-ldl']);
  return library;
}

{
  # npm and other tools recognize a native package by this file; CMake does the building.
  'targets': [
    {
      'target_name': 'remotemedia_webrtc',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake',
          'inputs': ['CMakeLists.txt', 'native/CMakeLists.txt'],
          'outputs': ['build/Release/remotemedia_webrtc.node'],
          'action': ['node', 'scripts/setup.mjs', '--addon'],
        },
      ],
    },
  ],
}

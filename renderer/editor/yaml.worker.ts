// Vite bundles workers from the project's own files only; this one is monaco-yaml's as it is.
import 'monaco-yaml/yaml.worker.js'

// Forms of the parts of a reference to an image: github.com/distribution/reference, `regexp.go`.

export const tagForm = "\\w[\\w.-]{0,127}";
export const digestForm = "[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

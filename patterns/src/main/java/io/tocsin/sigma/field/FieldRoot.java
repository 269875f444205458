package io.tocsin.sigma.field;

/**
 * A path below which everything a record has is a field.
 *
 * @param path the path
 * @param description what stands there
 * @param itself whether it is a field itself
 */
public record FieldRoot(String path, String description, boolean itself) {}

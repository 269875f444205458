package io.tocsin.sigma;

import io.tocsin.event.SecurityEvent;

/**
 * An event that rules are asked about, with what is known around it.
 *
 * @param event the event
 * @param surroundings who is who in its cluster
 */
public record Subject(SecurityEvent event, Surroundings surroundings) {}

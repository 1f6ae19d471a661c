package io.countersign.console;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.annotation.FacesConfig;

/** Switches Jakarta Faces on for this archive (Faces 4.0 §5.9). */
@FacesConfig
@ApplicationScoped
public class FacesSetup {}

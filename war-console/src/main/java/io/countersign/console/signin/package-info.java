/** Signing in by form, where no identity provider is configured, and signing out. */
package io.countersign.console.signin;

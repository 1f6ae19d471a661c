/** Signing in by form, where no OpenID provider is configured, and signing out. */
package io.countersign.console.signin;

/**
 * The information point: who is asking. Tokens of configured issuers become a delegation chain, file accounts an identity;
 * everything else is nobody. Imports nothing of Jakarta.
 */
package io.countersign.identity;
